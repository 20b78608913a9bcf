// SPDX-License-Identifier: GPL-2.0-or-later
// title: who ends a context sees no request left, while the last one still
//   holds the context's lock
// origin: fixed by Linux dee11c2364f5 (Ken Chen, 2007); 2.6.11 as shipped
// year: 2007
// shipped: 2.6.11
// area: aio
// consequence: use-after-free
// file: mm/aio.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:use-after-free tsan:race explore:use-after-free
//   explore:race
// blind: -
// scenario: aio
// bounded: aio-destroy aio-exit aio-dump
// found-by: explore:data-race native:lock
@@
expression ctx;
@@
 requests_left(...)
 {
 ...
- spin_lock_irq(&ctx->ctx_lock);
 ...
- spin_unlock_irq(&ctx->ctx_lock);
 ...
 }
