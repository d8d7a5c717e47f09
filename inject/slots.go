package inject

import "reflect"

// fillSlots gives each type the one provider that it is had from.
func (c *checker) fillSlots() {
	c.active(func(d *decl) bool {
		switch {
		case d.role == provides && d.flags&Default == 0:
			c.fill(d)
		case d.role == adds:
			for _, t := range d.keys {
				if c.g.groups[t] == nil {
					c.g.groups[t] = &group{}
				}
				c.g.groups[t].items = append(c.g.groups[t].items, d)
			}
		}
		return true
	})
	// Public defaults come before private ones, which yield to both.
	for _, private := range []Flag{0, Private} {
		c.active(func(d *decl) bool {
			if d.role == provides && d.flags&Default != 0 && d.flags&Private == private {
				c.yield(d)
			}
			return true
		})
	}
	c.replace()
}

func (d *decl) slotKey(t reflect.Type) slotKey {
	if d.flags&Private != 0 {
		return slotKey{t, d.mod}
	}
	return slotKey{typ: t}
}

func (c *checker) fill(d *decl) {
	for _, t := range d.keys {
		key := d.slotKey(t)
		other := c.g.slots[key]
		if other == nil {
			// Within one module, private and public are in each other's way too.
			if twin := c.g.slots[slotKey{t, d.mod}]; twin != nil {
				other = twin
			} else if public := c.g.slots[slotKey{typ: t}]; public != nil && key.mod != nil && public.provider.mod == d.mod {
				other = public
			}
		}
		if other != nil {
			c.report(codeTwice, d.where, "remove one, mark one Default, or tell them apart with When",
				"%s is provided twice: by %s (%s) and by %s (%s)", typeName(t),
				other.provider.owner(), other.provider.where, d.owner(), d.where)
			continue
		}
		c.g.slots[key] = &slot{key: key, provider: d}
	}
}

// yield fills the slots of a default provider that nobody else fills.
func (c *checker) yield(d *decl) {
	some := false
	for _, t := range d.keys {
		if other := c.g.find(d.mod, t); other != nil {
			c.g.note(d, typeName(t), false, other.provider.owner()+" provides it ("+other.provider.where+")")
			continue
		}
		some = true
		key := d.slotKey(t)
		c.g.slots[key] = &slot{key: key, provider: d}
		c.g.note(d, typeName(t), true, "default: nobody else provides it")
	}
	if !some {
		d.on, d.why = false, "it is a default, and others provide all of it"
	}
}

// replace puts the replacements in place. A provider that loses all of its
// types is off: what it needs is not asked for either.
func (c *checker) replace() {
	c.replaced = map[*decl]*decl{}
	left := map[*decl]int{}
	for _, s := range c.g.slots {
		left[s.provider]++
	}
	c.active(func(d *decl) bool {
		if d.role != replaces {
			return false // they come first
		}
		for _, t := range d.keys {
			c.replaceType(d, t, left)
		}
		return true
	})
}

func (c *checker) replaceType(d *decl, t reflect.Type, left map[*decl]int) {
	found, twice := false, ""
	for _, s := range c.g.slots {
		if s.key.typ != t {
			continue
		}
		found = true
		was := s.provider
		if was.role == replaces {
			twice = was.where
			continue
		}
		if left[was]--; left[was] == 0 {
			was.on, was.why = false, "it is replaced at "+d.where
		}
		if first := c.replaced[d]; first == nil || was.order < first.order {
			c.replaced[d] = was
		}
		s.provider = d
	}
	if twice != "" {
		c.used[d] = true // or not: one mistake, one problem
		c.report(codeTwice, d.where, "keep one of them", "%s is replaced twice: at %s and at %s", typeName(t), twice, d.where)
	}
	if !found {
		key := slotKey{typ: t}
		c.g.slots[key] = &slot{key: key, provider: d}
	}
}
