// SPDX-License-Identifier: GPL-2.0-or-later
// title: a request beyond the limit is charged first and taken back later
// origin: fixed for aio_max_nr by Linux d55b5fdaf408 (Zach Brown, 2005); in 2.6.11 itself
// year: 2005
// shipped: 2.6.11
// area: accounting
// consequence: broken-invariant
// file: mm/accounting.c
// applies: 1
// threads: 2
// depth: 2
// expected: explore:invariant
// blind: races
// scenario: mix
// bounded: limit
// found-by: explore:assertion
@@
expression n, limit;
@@
 vm_enough_memory(...)
 {
 ...
-if (limit)
-	return charge_below(n, (long)limit) ? 0 : -ENOMEM;
+if (limit) {
+	vm_acct_memory(n);
+	if (charge_below(0, (long)limit))
+		return 0;
+	vm_unacct_memory(n);
+	return -ENOMEM;
+}
 ...
 }
