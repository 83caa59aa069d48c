using Goodhart.Report.Axes;

namespace Goodhart.Report.Drawing;

/// <summary>The rectangle of one panel in pixels, and its axes.</summary>
internal sealed record Canvas(double Left, double Top, double Width, double Height, Axis HorizontalAxis, Axis VerticalAxis)
{
    // Far outside the panel is far enough: a coordinate of 1e12 pixels upsets some viewers, clipped or not.
    private const double Beyond = 4;

    public double Right => Left + Width;

    public double Bottom => Top + Height;

    public double X(double value) => Left + (Bounded(HorizontalAxis.Place(value)) * Width);

    public double Y(double value) => Bottom - (Bounded(VerticalAxis.Place(value)) * Height);

    private static double Bounded(double place) => Math.Clamp(place, -Beyond, 1 + Beyond);
}
