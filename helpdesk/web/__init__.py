"""The design system: tokens, components, behaviours, base pages, gallery. Knows no tickets and no rights."""
