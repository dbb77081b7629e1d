"""Decisions of the fieldwork stage: pure functions, each with a code in docs/rules.

A submission passes ``completeness.check`` and is then scored by ``result.evaluate``; a
follow-up is first completed by ``carried.merge``.
"""
