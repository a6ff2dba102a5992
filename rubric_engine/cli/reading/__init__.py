"""What commands read: units, dossiers, and what stands beside them."""
