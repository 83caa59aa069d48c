namespace Goodhart.Report.Drawing;

/// <summary>The outline of a point: series differ in shape as well as in colour, so that a grey print stays readable.</summary>
public enum MarkerShape
{
    Circle,
    Square,
    Triangle,
    Diamond,
    TriangleDown,
    Cross,
    Pentagon,
    Star,
}
