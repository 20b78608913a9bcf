// SPDX-License-Identifier: GPL-2.0-or-later
// title: a completion looks for waiters before its event can be seen
// origin: fixed by Linux 6cb2a21049b8 (Quentin Barnes, 2008); 2.6.11 as
//   shipped
// year: 2008
// shipped: 2.6.11
// area: barrier
// consequence: weak-memory
// file: mm/kiocb.c
// applies: 1
// threads: 2
// depth: wm
// expected: tsan:race explore:race explore:stall
// blind: -
// scenario: aio
// bounded: dio-fork
// found-by: explore:data-race tsan:data-race
@@
expression ctx, event;
@@
 aio_complete(...)
 {
 <...
 aio_ring_put(ctx, event);
- wake_up(&ctx->wait);
+ if (READ_ONCE(ctx->wait.waiters.next) != &ctx->wait.waiters)
+	wake_up(&ctx->wait);
 ...>
 }
