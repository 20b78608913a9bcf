// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layouts of real processes, captured as /proc/PID/smaps (stress/layouts/)
 * and kept in the program as text.
 */
#include "stress/layout.h"

/* Paths are relative to the top of the source tree (-I.). */
#define INCLUDE_TEXT(sym, path)						\
	__asm__(".pushsection .rodata\n"				\
		".global " #sym "_text\n" #sym "_text:\n"		\
		".incbin \"" path "\"\n"				\
		".global " #sym "_end\n" #sym "_end:\n"			\
		".byte 0\n"						\
		".popsection\n");					\
	extern const char sym##_text[], sym##_end[]

INCLUDE_TEXT(layout_bash, "stress/layouts/bash.smaps");
INCLUDE_TEXT(layout_python3, "stress/layouts/python3.smaps");
INCLUDE_TEXT(layout_sleep, "stress/layouts/sleep.smaps");

const struct builtin_layout builtin_layouts[] = {
	{ "bash", "an interactive bash", layout_bash_text, layout_bash_end },
	{ "python3", "python3 with json, ssl and sqlite3 loaded",
	  layout_python3_text, layout_python3_end },
	{ "sleep", "sleep(1): one of the smallest", layout_sleep_text,
	  layout_sleep_end },
	{ 0 },
};
