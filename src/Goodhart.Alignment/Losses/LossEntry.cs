namespace Goodhart.Alignment.Losses;

/// <summary>One row of the <see cref="LossCatalogue"/>.</summary>
/// <param name="Name">The loss's <see cref="PreferenceLoss.Name"/>.</param>
/// <param name="Source">Where the formula comes from.</param>
/// <param name="Create">The loss at a given β.</param>
public sealed record LossEntry(string Name, string Source, Func<double, PreferenceLoss> Create);
