namespace Goodhart.Report.Charts;

/// <summary>A colour of the charts: a class name that a page's style can redefine, with its value on white and on a dark page.</summary>
/// <remarks>
/// The drawing names the class and carries the light value as a fallback attribute, so the same SVG follows a page's dark mode
/// and stands alone in a viewer without any style.
/// </remarks>
/// <param name="Name">CSS class.</param>
/// <param name="Light">#rrggbb on a white page.</param>
/// <param name="Dark">#rrggbb on a dark page.</param>
public sealed record Ink(string Name, string Light, string Dark);
