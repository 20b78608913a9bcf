// SPDX-License-Identifier: GPL-2.0-or-later
// title: unqueue_me() reads the bucket again after it has tested it
// origin: fixed by Linux e91467ecd1ef (Christian Borntraeger, 2006)
// year: 2006
// shipped: 2.6.11
// area: futex-exit
// consequence: use-after-free
// file: mm/futex.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:use-after-free explore:use-after-free
// blind: -
// bounded: futex-kill
// found-by: explore:crash
@@
expression q, hb, queued;
@@
- while (!queued && (hb = smp_load_acquire(&q->bucket))) {
+ if (smp_load_acquire(&q->bucket)) {
+	hb = READ_ONCE(q->bucket);
 	spin_lock(&hb->lock);
-	queued = READ_ONCE(q->bucket) == hb;
+	queued = true;
 	...
 }
