// SPDX-License-Identifier: GPL-2.0-or-later
// title: a request is on its context's list before it is known which it is
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: aio
// consequence: data-race
// file: mm/kiocb.c
// applies: 2
// threads: 2
// depth: 2
// expected: explore:race
// blind: -
// scenario: aio
// bounded: aio-cancel
// found-by: explore:data-race
@@
identifier req, data;
@@
 aio_get_req(...)
 {
 ...
- req->ki_user_data = data;
 ...
 }

@@
identifier req, arg;
@@
 aio_setup_iocb(struct kiocb *req, const struct aio_iocb *arg)
 {
+ req->ki_user_data = arg->data;
 ...
 }
