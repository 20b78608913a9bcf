// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "stress/host_limits.h"
#include "stress/options.h"

static struct stress_config cfg;
static struct errbuf err;

static int parse(const char *a, const char *b, const char *c)
{
	const char *argv[] = { "run", a, b, c, NULL };
	int argc = 1;

	while (argv[argc])
		argc++;
	err.text[0] = '\0';
	return options_parse(&cfg, argc, argv, &err);
}

TestSuite(options, .timeout = 10);

Test(options, defaults)
{
	cr_assert_eq(parse(NULL, NULL, NULL), OPTIONS_RUN);
	cr_assert_eq(cfg.nr_scenarios, 1);
	cr_assert_str_eq(cfg.scenarios[0], "mix");
	cr_assert_eq(cfg.runtime, RUNTIME_NATIVE);
	cr_assert_eq(cfg.tasks, 2000);
	cr_assert_eq(cfg.cpus, 64);
	cr_assert_eq(cfg.secs, 30);
	cr_assert_neq(cfg.seed, 0);
	cr_assert_eq(cfg.round_secs, 0);
}

Test(options, tsan_has_other_defaults)
{
	cr_assert_eq(parse("--runtime=tsan", NULL, NULL), OPTIONS_RUN);
	cr_assert_eq(cfg.tasks, 500);
	cr_assert_eq(cfg.round_secs, 10 + 500 / 100);
	cr_assert_eq(parse("--runtime=tsan", "--tasks=2000", NULL),
		     OPTIONS_RUN);
	cr_assert_eq(cfg.round_secs, 10 + 2000 / 100);
	cr_assert_eq(parse("--runtime", "tsan", "--round-secs=0"),
		     OPTIONS_RUN);
	cr_assert_eq(cfg.round_secs, 0);
}

/* A share is taken away while running: the machine is as large as without. */
Test(options, share_of_memory)
{
	unsigned int all;
	char line[1024];

	cr_assert_eq(parse("--tasks=2000", NULL, NULL), OPTIONS_RUN);
	all = cfg.ram_mib;
	cr_assert_eq(cfg.ram_share, 0);
	cr_assert_eq(parse("--ram=25%", "--tasks=2000", NULL), OPTIONS_RUN);
	cr_assert_eq(cfg.ram_mib, all);
	cr_assert_eq(cfg.ram_share, 25);
	cr_assert_geq(cfg.swap_mib, 16);
	config_command(&cfg, line, sizeof(line));
	cr_assert(strstr(line, " --ram=25% "), "%s", line);
	cr_assert_not(strstr(line, "--swap="), "%s", line);
	cr_assert_eq(parse("--ram=50%", "--tasks=2000", "--swap=7"),
		     OPTIONS_RUN);
	cr_assert_eq(cfg.ram_share, 50);
	cr_assert_eq(cfg.swap_mib, 7);
	config_command(&cfg, line, sizeof(line));
	cr_assert(strstr(line, " --ram=50% --swap=7 "), "%s", line);
	/* The last one counts. */
	cr_assert_eq(parse("--ram=25%", "--ram=64", NULL), OPTIONS_RUN);
	cr_assert_eq(cfg.ram_mib, 64);
	cr_assert_eq(cfg.ram_share, 0);
	cr_assert_eq(parse("--ram=64", "--ram=25%", "--tasks=2000"),
		     OPTIONS_RUN);
	cr_assert_eq(cfg.ram_mib, all);
}

Test(options, ops_replace_the_default_seconds)
{
	cr_assert_eq(parse("--ops=500", NULL, NULL), OPTIONS_RUN);
	cr_assert_eq(cfg.ops, 500);
	cr_assert_eq(cfg.secs, 0);
}

Test(options, several_scenarios)
{
	cr_assert_eq(parse("vfork", "ldt", "--seed=0x10"), OPTIONS_RUN);
	cr_assert_eq(cfg.nr_scenarios, 2);
	cr_assert_str_eq(cfg.scenarios[1], "ldt");
	cr_assert_eq(cfg.seed, 16);
}

Test(options, command_repeats_the_run)
{
	struct stress_config again;
	char command[8192], *words[32], *save = NULL;
	int n = 0;

	cr_assert_eq(parse("vfork", "--ops=12", "--seed=99"), OPTIONS_RUN);
	config_command(&cfg, command, sizeof(command));
	strtok_r(command, " ", &save);
	while (n < 31 && (words[n] = strtok_r(NULL, " ", &save)))
		n++;
	again = cfg;
	cr_assert_eq(options_parse(&cfg, n, (const char **)words, &err),
		     OPTIONS_RUN, "%s", err.text);
	cr_assert_eq(memcmp(&again, &cfg, sizeof(cfg)), 0);
}

/* One clear line each. */
static const struct bad_case {
	const char *a, *b, *message;
} bad_cases[] = {
	{ "nosuch", NULL, "unknown scenario 'nosuch'; 'mmtorture" },
	{ "--tasks=0", NULL, "--tasks: '0' is not a number from 1 to" },
	{ "--tasks=-4", NULL, "--tasks: '-4'" },
	{ "--tasks=12x", NULL, "--tasks: '12x'" },
	{ "--tasks=99999999999999999999", NULL, "--tasks:" },
	{ "--cpus=1000000", NULL, "--cpus: '1000000' is not a number from" },
	{ "--ram=1", NULL, "--ram: '1'" },
	{ "--ram=0%", NULL, "--ram: '0%' is not a share from 1% to 100%" },
	{ "--ram=101%", NULL, "--ram: '101%'" },
	{ "--ram=%", NULL, "--ram: '%'" },
	{ "--ram=1x%", NULL, "--ram: '1x%'" },
	{ "--ram=1000000000%", NULL, "--ram: '1000000000%'" },
	{ "--swap=0", NULL, "--swap: '0'" },
	{ "--swap-file=", NULL, "--swap-file: not a path" },
	{ "--swap-file=/nowhere/swap", NULL,
	  "--swap-file: cannot make files in /nowhere: No such file" },
	{ "--secs=", NULL, "--secs: ''" },
	{ "--seed=0", NULL, "--seed: '0'" },
	{ "--runtime=fast", NULL, "--runtime: 'fast' is not native" },
	{ "--layout=", NULL, "--layout: not a path" },
	{ "--nosuch", NULL, "--nosuch: unknown option" },
	{ "--tasks", NULL, "--tasks: missing argument" },
};

Test(options, bad_input_is_explained)
{
	for (size_t i = 0; i < sizeof(bad_cases) / sizeof(*bad_cases); i++) {
		const struct bad_case *c = &bad_cases[i];

		cr_assert_eq(parse(c->a, c->b, NULL), -EINVAL, "%s", c->a);
		cr_assert(strstr(err.text, c->message), "%s gives '%s'", c->a,
			  err.text);
		cr_assert(!strchr(err.text, '\n'));
	}
}

Test(options, help_is_asked_for)
{
	cr_assert_eq(parse("--help", NULL, NULL), OPTIONS_HELP);
}

/* ---- what the host allows ------------------------------------------------ */

static struct host_limits roomy(void)
{
	struct host_limits hl;

	memset(&hl, 0xff, sizeof(hl));
	hl.threads_now = 100;
	hl.memory_kib = 64ull << 20;
	return hl;
}

Test(options, roomy_host)
{
	struct host_limits hl = roomy();

	parse("--tasks=10000", NULL, NULL);
	cr_assert_eq(host_limits_check(&hl, &cfg, &err), 0, "%s", err.text);
}

Test(options, each_limit_names_its_source)
{
	struct host_limits hl;

	parse("--runtime=tsan", "--tasks=8000", NULL);
	hl = roomy();
	hl.map_count = 65530;
	cr_assert_eq(host_limits_check(&hl, &cfg, &err), -EAGAIN);
	cr_assert(strstr(err.text, "vm/max_map_count (65530)"), "%s",
		  err.text);
	hl = roomy();
	hl.pid_max = 4096;
	cr_assert_eq(host_limits_check(&hl, &cfg, &err), -EAGAIN);
	cr_assert(strstr(err.text, "kernel/pid_max (4096)"));
	hl = roomy();
	hl.threads_max = 4096;
	cr_assert_eq(host_limits_check(&hl, &cfg, &err), -EAGAIN);
	cr_assert(strstr(err.text, "kernel/threads-max (4096)"));
	hl = roomy();
	hl.nproc = 1000;
	cr_assert_eq(host_limits_check(&hl, &cfg, &err), -EAGAIN);
	cr_assert(strstr(err.text, "RLIMIT_NPROC"));
	hl = roomy();
	hl.cgroup_pids = 500;
	cr_assert_eq(host_limits_check(&hl, &cfg, &err), -EAGAIN);
	cr_assert(strstr(err.text, "pids.max"));
	hl = roomy();
	hl.memory_kib = 8ull << 20;
	cr_assert_eq(host_limits_check(&hl, &cfg, &err), -EAGAIN);
	cr_assert(strstr(err.text, "available memory"));
}

Test(options, more_emulated_memory_than_the_host_has)
{
	struct host_limits hl = roomy();

	hl.memory_kib = 1 << 20;
	parse("--ram=2048", NULL, NULL);
	cr_assert_eq(host_limits_check(&hl, &cfg, &err), -EAGAIN);
	cr_assert(strstr(err.text, "--ram: 2048 MiB"), "%s", err.text);
}

Test(options, real_host_can_be_read)
{
	struct host_limits hl;

	host_limits_read(&hl);
	cr_assert_gt(hl.memory_kib, 0);
	cr_assert_gt(hl.threads_now, 0);
}
