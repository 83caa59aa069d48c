using System.Xml;
using System.Xml.Linq;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Xunit;
using Page = Goodhart.Report.Html.Html;

namespace Goodhart.Report.Tests;

public class HtmlTests
{
    [Fact]
    public void A_page_lists_its_sections_and_links_to_them()
    {
        FigureBlock figure = new FigureBlock(
            "Figure 1. Small", SmallFigure.Build(), "Caption", "Reading", "Claim", new CsvTable(["x"], [[0.5]]));
        XElement page = Parse(new HtmlDocument("T <1>", [Page.Paragraph("lead")],
            [new("one", "One", [figure.Render()]), new("two", "Two", [])]));

        IEnumerable<string> entries = page.Descendants("nav").Single()
            .Descendants("a").Select(a => a.Attribute("href")!.Value + " " + a.Value);
        Assert.Equal(["#one One", "#two Two"], entries);
        Assert.Contains(page.Descendants("a"), a => a.Attribute("href")!.Value == "#small");   // a figure is linked to where it stands
        Assert.Equal("T <1>", page.Descendants("h1").Single().Value);
        Assert.Equal("data:text/csv;charset=utf-8,x%0A0.5%0A",
            page.Descendants("a").Single(a => a.Attribute("download") is not null).Attribute("href")!.Value);
    }

    [Fact]
    public void The_style_serves_light_dark_and_print_and_needs_no_escaping()
    {
        string text = new HtmlDocument("T", [], []).Render();
        string style = text[(text.IndexOf("<style>", StringComparison.Ordinal) + 7)..text.IndexOf("</style>", StringComparison.Ordinal)];

        // A style element is raw text in HTML but not in XML: the two readings agree only without these characters.
        Assert.DoesNotContain('&', style);
        Assert.DoesNotContain('<', style);
        Assert.Contains("@media screen and (prefers-color-scheme: dark)", style, StringComparison.Ordinal);
        Assert.Contains("@media print", style, StringComparison.Ordinal);
        Assert.Contains("--ink-s0: #0072b2;", style, StringComparison.Ordinal);
        Assert.Equal(style.Count(c => c == '{'), style.Count(c => c == '}'));
    }

    [Fact]
    public void The_page_forbids_requests()
    {
        XElement policy = Parse(new HtmlDocument("T", [], [])).Descendants("meta").Single(m => m.Attribute("http-equiv") is not null);

        Assert.StartsWith("default-src 'none'", policy.Attribute("content")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_ids_are_refused()
    {
        HtmlDocument document = new HtmlDocument("T", [], [new("one", "One", []), new("one", "Again", [])]);

        Assert.Contains("'one'", Assert.Throws<ArgumentException>(document.Render).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_names_itself_and_its_headers()
    {
        XElement table = new HtmlTable(
            "Rates", [TableColumn.Text("Model"), TableColumn.Number("Win rate")], [new(["<M>", "0.5"])]).Render();

        Assert.Equal("Rates", table.Attribute("aria-label")!.Value);
        Assert.Equal(["col", "col", "row"], table.Descendants("th").Select(h => h.Attribute("scope")!.Value));
        Assert.Contains("&lt;M&gt;", table.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new HtmlTable("Rates", [TableColumn.Text("Model")], [new(["a", "b"])]).Render());
    }

    [Fact]
    public void A_row_with_an_id_can_be_linked_to()
    {
        XElement table = new HtmlTable(
            "Claims",
            [TableColumn.Text("Group"), TableColumn.Text("Verdict")],
            [new(["dpo/M", "yes"], Id: "claim-hump-dpo-m"), new(["all", "no"])])
            .Render();

        List<XElement> rows = table.Descendants("tbody").Single().Elements("tr").ToList();
        Assert.Equal("claim-hump-dpo-m", rows[0].Attribute("id")!.Value);
        Assert.Equal("#claim-hump-dpo-m", rows[0].Element("th")!.Element("a")!.Attribute("href")!.Value);
        Assert.Null(rows[1].Attribute("id"));
        Assert.Empty(rows[1].Descendants("a"));
    }

    [Theory]
    [InlineData("caption", "", "Reading", "Claim")]
    [InlineData("reading", "Caption", "", "Claim")]
    [InlineData("paper's claim", "Caption", "Reading", "")]
    public void A_figure_that_says_nothing_is_refused(string missing, string caption, string reading, string paper)
    {
        FigureBlock figure = new FigureBlock("Figure 1. Small", SmallFigure.Build(), caption, reading, paper, new CsvTable(["x"], [[0.5]]));

        Assert.EndsWith("missing: " + missing + ".", Assert.Throws<ArgumentException>(figure.Render).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_without_numbers_is_refused()
    {
        FigureBlock figure = new FigureBlock(
            "Figure 1. Small", SmallFigure.Build(), "Caption", "Reading", "Claim", new CsvTable(["x"], []));

        Assert.Contains("missing: numbers", Assert.Throws<ArgumentException>(figure.Render).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_scrolls_can_be_reached_with_the_keyboard_and_has_a_name()
    {
        FigureBlock figure = new FigureBlock(
            "Figure 1. Small", SmallFigure.Build(), "Caption", "Reading", "Claim", new CsvTable(["x"], [[0.5]]));
        XElement page = Parse(new HtmlDocument("T", [], [new("one", "One", [figure.Render()])]));

        List<XElement> scrolling = page.Descendants("div").Where(d => d.Attribute("class")?.Value is "scroll" or "drawing").ToList();
        Assert.Equal(2, scrolling.Count);
        Assert.All(scrolling, d => Assert.Equal(("0", "group"), (d.Attribute("tabindex")!.Value, d.Attribute("role")!.Value)));
        Assert.All(scrolling, d => Assert.NotEmpty(d.Attribute("aria-label")!.Value));
    }

    private static XElement Parse(HtmlDocument document)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(document.Render()),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader).Root!;
    }
}
