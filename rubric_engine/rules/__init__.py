"""Scoring forms and clauses: one form, one file, from what was written to what is computed.

Each module resolves its statement in a :class:`~rubric_engine.rules.names.scope.Scope` (names, types, units) into
its shape in :mod:`rubric_engine.model`, and lowers that shape to a :class:`~rubric_engine.plan.plan.Choice`.
"""
