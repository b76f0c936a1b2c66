"""How a probe reaches its target and what it reads there: plain Python, no Django, no clock."""
