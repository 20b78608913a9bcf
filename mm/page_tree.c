// SPDX-License-Identifier: GPL-2.0-or-later
/* page_tree.c - the index of an address_space grows and goes */
#include "mm/page_tree.h"

#include <errno.h>

#include "mm/slab.h"

/* Make room for chunk @n in page_slots; 0 or -ENOMEM. */
static int grow_slots(struct address_space *mapping, unsigned long n,
		      gfp_t gfp)
{
	unsigned long nr = 8;
	void **slots, **old;

	while (nr <= n)
		nr *= 2;
	if (nr * sizeof(*slots) > KMALLOC_MAX_SIZE)
		return -ENOMEM;
	slots = kzalloc(nr * sizeof(*slots), gfp);
	if (!slots)
		return -ENOMEM;
	spin_lock_irq(&mapping->tree_lock);
	old = slots;
	if (nr > mapping->nr_slots) {
		for (unsigned long i = 0; i < mapping->nr_slots; i++)
			slots[i] = mapping->page_slots[i];
		old = mapping->page_slots;
		mapping->page_slots = slots;
		mapping->nr_slots = nr;
	}
	spin_unlock_irq(&mapping->tree_lock);
	kfree(old);
	return 0;
}

int page_tree_reserve(struct address_space *mapping, pgoff_t index, gfp_t gfp)
{
	unsigned long n = index / PAGE_TREE_CHUNK, nr_slots;
	bool present;
	void *chunk;

	spin_lock_irq(&mapping->tree_lock);
	nr_slots = mapping->nr_slots;
	present = page_tree_slot(mapping, index) != NULL;
	spin_unlock_irq(&mapping->tree_lock);
	if (present)
		return 0;
	if (n >= nr_slots && grow_slots(mapping, n, gfp))
		return -ENOMEM;
	chunk = kzalloc(PAGE_SIZE, gfp);
	if (!chunk)
		return -ENOMEM;
	spin_lock_irq(&mapping->tree_lock);
	if (!mapping->page_slots[n]) {
		mapping->page_slots[n] = chunk;
		chunk = NULL;
	}
	spin_unlock_irq(&mapping->tree_lock);
	kfree(chunk);
	return 0;
}

void page_tree_destroy(struct address_space *mapping)
{
	unsigned long nr_slots;
	void **slots;

	spin_lock_irq(&mapping->tree_lock);
	slots = mapping->page_slots;
	nr_slots = mapping->nr_slots;
	mapping->page_slots = NULL;
	mapping->nr_slots = 0;
	spin_unlock_irq(&mapping->tree_lock);
	for (unsigned long i = 0; i < nr_slots; i++)
		kfree(slots[i]);
	kfree(slots);
}
