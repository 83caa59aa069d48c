using Goodhart.Pipeline;
using Goodhart.Report.Html;
using Goodhart.Report.Svg;

namespace Goodhart.Steps.Publishing;

/// <summary>A result as files: report.html, a self-contained page, and figures/ with each drawing and the numbers behind it.</summary>
public static class PageFolder
{
    /// <summary>Each file appears whole, the page last.</summary>
    /// <param name="folder">Already ours.</param>
    /// <param name="page">As <see cref="HtmlDocument.Render"/> gives it.</param>
    public static void Write(string folder, string page, IEnumerable<FigureBlock> figures)
    {
        Directory.CreateDirectory(Path.Combine(folder, "figures"));
        foreach (FigureBlock block in figures)
        {
            string path = Path.Combine(folder, "figures", block.Figure.Id);
            AtomicFile.WriteAllText(path + ".svg", FigureSvg.Standalone(block.Figure));
            AtomicFile.WriteAllText(path + ".csv", block.Data.Write());
        }

        AtomicFile.WriteAllText(Path.Combine(folder, "report.html"), page);
    }
}
