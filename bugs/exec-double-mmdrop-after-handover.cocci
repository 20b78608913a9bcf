// SPDX-License-Identifier: GPL-2.0-or-later
// title: an exec that fails late drops the mm it runs on
// origin: fixed by history.git 610a61e01f5f (Andrew Morton, 2003)
// year: 2003
// area: exec
// consequence: use-after-free
// file: mm/exec.c
// applies: 3
// threads: 1
// depth: 1
// expected: native:use-after-free native:invariant explore:use-after-free
//   explore:invariant
// blind: -
// bounded: exec-siblings
// explore-options: --fail-alloc
// found-by: explore:assertion
@keep@
expression bprm;
@@
- bprm->mm = NULL;

@finish@
identifier bprm, err;
@@
 err = load_elf_binary(&bprm);
+if (!err)
+	bprm.mm = NULL;
