using System.Xml.Linq;
using Goodhart.Report.Drawing;

namespace Goodhart.Report.Charts;

/// <summary>Something drawn in a panel. Each kind knows how it is drawn and how the legend shows it.</summary>
public abstract record Mark(Ink Ink)
{
    /// <summary>Every number of the mark; the renderer refuses a figure with one that is not finite.</summary>
    internal abstract IEnumerable<double> Numbers { get; }

    internal abstract IEnumerable<XElement> Draw(Canvas canvas);

    /// <summary>The legend's sample, centred at (0, 0) in a box of <see cref="SampleWidth"/> by 10.</summary>
    internal abstract IEnumerable<XElement> DrawSample();

    /// <summary>Room that the sample takes in the legend.</summary>
    internal virtual double SampleWidth => LegendWidth;

    internal const double LegendWidth = 22;
}
