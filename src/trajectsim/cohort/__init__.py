"""Many pupils as columns: policies side by side in worlds and replications, the same law and learning as a walk."""
