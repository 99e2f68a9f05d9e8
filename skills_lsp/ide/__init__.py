"""What an editor shows, computed purely: context, candidates, order, actions, lenses, hovers."""
