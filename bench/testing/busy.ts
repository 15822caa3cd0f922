/** A child that is too busy to hear anything. */
for (;;);
