"""Checklists as office workbooks in the shape of an XLSForm; see docs/rules/checklists.md.

A workbook becomes the tree that YAML becomes, with sheets, rows and columns for places, and is
read by the same shapes and checked by the same rules.
"""
