// SPDX-License-Identifier: GPL-2.0-or-later
// title: a waiter that finds its completion done does not take the lock
// origin: fixed by history.git 74f5133bc757 (2.4.7-pre, 2001)
// year: 2001
// area: completion
// consequence: use-after-free
// file: locking/completion.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:use-after-free tsan:race explore:use-after-free
//   explore:race
// blind: -
// bounded: stack-completion
// found-by: explore:data-race
@@
expression c;
@@
 wait_for_completion_at(...)
 {
 ...
+if (READ_ONCE(c->done))
+	return;
 raw_spin_lock(&c->wait.lock);
 ...
 }
