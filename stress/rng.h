/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random numbers: one campaign seed, from which every round, task and layout
 * derives a stream of its own.  splitmix64 spreads seeds, xoshiro256**
 * generates (both by Blackman and Vigna, public domain algorithms).
 */
#ifndef STRESS_RNG_H
#define STRESS_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct stress_rng {
	uint64_t s[4];
};

/**
 * rng_mix() - one step of splitmix64: a well spread value of @x
 * @x: anything, small numbers included
 *
 * Context: any.
 * Return: a bijection of @x.
 */
static inline uint64_t rng_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

/**
 * rng_seed() - start a stream
 * @rng: the stream
 * @seed: the campaign's, round's or parent's seed
 * @stream: number of the stream under that seed
 *
 * Context: any.
 */
static inline void rng_seed(struct stress_rng *rng, uint64_t seed,
			    uint64_t stream)
{
	uint64_t x = rng_mix(seed) ^ rng_mix(~stream);

	for (int i = 0; i < 4; i++) {
		x = rng_mix(x);
		rng->s[i] = x;
	}
}

/**
 * rng_next() - 64 random bits
 * @rng: the stream, used by one thread at a time
 *
 * Context: any.
 * Return: the next value.
 */
static inline uint64_t rng_next(struct stress_rng *rng)
{
	uint64_t *s = rng->s;
	uint64_t times5 = s[1] * 5;
	uint64_t result = ((times5 << 7) | (times5 >> 57)) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = (s[3] << 45) | (s[3] >> 19);
	return result;
}

/**
 * rng_below() - a number from 0 to @n - 1
 * @rng: the stream
 * @n: 1 to 2^32
 *
 * Context: any.
 * Return: the number; its bias is below @n / 2^32.
 */
static inline uint32_t rng_below(struct stress_rng *rng, uint64_t n)
{
	return (uint32_t)(((rng_next(rng) >> 32) * n) >> 32);
}

/**
 * rng_chance() - true in @num of @den cases
 * @rng: the stream
 * @num: 0 to @den
 * @den: not 0
 *
 * Context: any.
 * Return: the outcome.
 */
static inline bool rng_chance(struct stress_rng *rng, uint32_t num,
			      uint32_t den)
{
	return rng_below(rng, den) < num;
}

#endif
