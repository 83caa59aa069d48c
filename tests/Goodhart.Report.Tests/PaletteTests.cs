using System.Text.RegularExpressions;
using Goodhart.Report.Charts;
using Goodhart.Report.Html;
using Xunit;

namespace Goodhart.Report.Tests;

public class PaletteTests
{
    [Fact]
    public void The_ramp_gets_lighter_step_by_step_on_both_pages()
    {
        List<Ink> inks = Enumerable.Range(0, 7).Select(k => Palette.Ramp(k, 7)).ToList();

        Assert.Equal(7, inks.Distinct().Count());
        Assert.All(inks.Zip(inks.Skip(1)), pair => Assert.True(Luminance(pair.First.Light) < Luminance(pair.Second.Light)));
        Assert.All(inks.Zip(inks.Skip(1)), pair => Assert.True(Luminance(pair.First.Dark) < Luminance(pair.Second.Dark)));
    }

    [Fact]
    public void Text_and_marks_can_be_seen_on_both_pages()
    {
        Assert.True(Contrast(Palette.Text.Light, Palette.Paper.Light) > 7);
        Assert.True(Contrast(Palette.Text.Dark, Palette.Paper.Dark) > 7);
        Assert.True(Contrast(Palette.Muted.Light, Palette.Paper.Light) > 4.5);
        Assert.True(Contrast(Palette.Muted.Dark, Palette.Paper.Dark) > 4.5);

        // WCAG 2: 3 to 1 for what must be seen of a drawing.
        foreach (
            Ink? ink in Enumerable.Range(0, 7).Select(Palette.Series).Concat(
                Enumerable.Range(0, 9).Select(k => Palette.Ramp(k, 9))).Append(Palette.Frame))
        {
            Assert.True(Contrast(ink.Light, Palette.Paper.Light) >= 3, ink.Name);
            Assert.True(Contrast(ink.Dark, Palette.Paper.Dark) >= 3, ink.Name);
        }
    }

    [Fact]
    public void Links_and_verdicts_can_be_read_on_the_page_and_on_its_panels()
    {
        string style = new HtmlDocument("T", [], []).Render();
        foreach (string name in (string[])["link", "supported", "contradicted", "inconclusive"])
        {
            (string[]? texts, string[]? panels) = (Values(style, name), Values(style, "panel"));
            Assert.Equal((2, 2), (texts.Length, panels.Length));
            foreach ((string? text, string? background) in texts.Zip([Palette.Paper.Light, Palette.Paper.Dark]).Concat(texts.Zip(panels)))
            {
                Assert.True(Contrast(text, background) >= 4.5, $"{name}: {text} on {background}");
            }
        }
    }

    /// <summary>A variable's value on the light and on the dark page.</summary>
    private static string[] Values(string style, string variable) =>
        [.. Regex.Matches(style, $"--{variable}: (#[0-9a-f]{{6}});").Select(m => m.Groups[1].Value)];

    [Fact]
    public void A_ramp_of_one_level_has_a_colour_and_levels_outside_are_refused()
    {
        Assert.Equal(Palette.Ramp(0, 9), Palette.Ramp(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Palette.Ramp(3, 3));
    }

    private static double Contrast(string a, string b)
    {
        (double x, double y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    // Relative luminance of WCAG 2.
    private static double Luminance(string colour)
    {
        double[] parts = Enumerable.Range(0, 3).Select(k => Convert.ToInt32(colour.Substring(1 + (2 * k), 2), 16) / 255.0)
            .Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }
}
