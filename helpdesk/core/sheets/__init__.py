"""Tables to take along: CSV and XLSX, written row by row, so that their length costs no memory. Knows no requests."""

from helpdesk.core.sheets.tables import BOM, Cell, Column, Link, csv_lines, xlsx_file

__all__ = ["BOM", "Cell", "Column", "Link", "csv_lines", "xlsx_file"]
