using Goodhart.Pipeline;
using Goodhart.Report.Html;
using Goodhart.Report.Svg;

namespace Goodhart.Studies.Theory;

/// <summary>A result as files: a self-contained page, and each of its figures with the numbers behind it.</summary>
internal static class TheoryFolder
{
    /// <param name="folder">Already ours.</param>
    public static void Write(string folder, HtmlDocument page, IEnumerable<FigureBlock> figures)
    {
        string text = page.Render();
        Directory.CreateDirectory(Path.Combine(folder, "figures"));
        foreach (FigureBlock block in figures)
        {
            string path = Path.Combine(folder, "figures", block.Figure.Id);
            AtomicFile.WriteAllText(path + ".svg", FigureSvg.Standalone(block.Figure));
            AtomicFile.WriteAllText(path + ".csv", block.Data.Write());
        }

        AtomicFile.WriteAllText(Path.Combine(folder, "report.html"), text);
    }
}
