"""The design system: tokens, components, behaviours, form and table rendering, gallery. Knows no tickets and no rights."""
