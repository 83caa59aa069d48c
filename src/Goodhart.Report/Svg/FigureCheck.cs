using Goodhart.Report.Charts;

namespace Goodhart.Report.Svg;

/// <summary>Refuses a figure that cannot be drawn faithfully, naming the place.</summary>
internal static class FigureCheck
{
    public static void Validate(Figure figure)
    {
        if (figure.Id.Length == 0 || !figure.Id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw new ArgumentException($"Figure id: expected letters, digits and hyphens, found '{figure.Id}'.");
        }

        if (figure.Columns.Count == 0 || figure.Rows.Count == 0)
        {
            throw new ArgumentException($"Figure {figure.Id}: expected at least one row and one column.");
        }

        for (int row = 0; row < figure.Rows.Count; row++)
        {
            IReadOnlyList<Panel> panels = figure.Rows[row].Panels;
            if (panels.Count != figure.Columns.Count)
            {
                throw new ArgumentException($"Figure {figure.Id}, row {row}: expected {figure.Columns.Count} panels, "
                    + $"found {panels.Count}.");
            }

            for (int column = 0; column < panels.Count; column++)
            {
                ValidatePanel(panels[column], $"Figure {figure.Id}, row {row}, column {column}");
            }
        }
    }

    private static void ValidatePanel(Panel panel, string place)
    {
        for (int k = 0; k < panel.Marks.Count; k++)
        {
            Mark mark = panel.Marks[k];
            if (mark.Numbers.Any(v => !double.IsFinite(v)))
            {
                throw new ArgumentException($"{place}, mark {k} ({mark.GetType().Name}): a number is not finite; "
                    + "leave missing values out.");
            }
        }
    }
}
