// SPDX-License-Identifier: GPL-2.0-or-later
// title: an exiting task frees its policy, and then allocates by it
// origin: fixed by history.git fb921d69bd5d (Andi Kleen, 2004)
// year: 2004
// area: mempolicy
// consequence: use-after-free
// file: mm/exit.c mm/page_alloc.c
// applies: 2 2
// threads: 1
// depth: 1
// expected: native:use-after-free native:invariant explore:use-after-free
//   explore:invariant
// blind: -
// bounded: policy-exit
// found-by: explore:bug
@early@
expression tsk;
@@
 do_exit(...)
 {
 ...
+mpol_free(tsk->mempolicy);
 exit_mm(tsk);
 ...
- mpol_free(tsk->mempolicy);
- tsk->mempolicy = NULL;
 ...
 }

@include@
@@
 #include "mm/page_alloc.h"
+#include "mm/mempolicy.h"

@by_policy@
identifier page;
@@
 alloc_pages(...)
 {
 struct page *page;
+const struct mempolicy *pol = current ? current->mempolicy : NULL;
+
+mm_bug_on(pol && (pol->policy < MPOL_PREFERRED ||
+		  pol->policy > MPOL_INTERLEAVE),
+	  "allocation by policy %d", pol->policy);
 ...
 }
