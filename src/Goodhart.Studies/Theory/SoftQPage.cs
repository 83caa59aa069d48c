using System.Xml.Linq;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Report.Html;
using Goodhart.Report.Text;
using Goodhart.Steps.Publishing;
using Goodhart.Text;

namespace Goodhart.Studies.Theory;

/// <summary>A soft Q result as a page.</summary>
public static class SoftQPage
{
    /// <param name="textOf">A token as text.</param>
    /// <param name="shown">Prompts per set whose responses are shown token by token.</param>
    /// <param name="folder">Already ours: gets report.html and figures/.</param>
    public static void Write(SoftQResult result, Func<int, string> textOf, int shown, string folder)
    {
        FigureBlock sweep = SweepFigure.Build(result.Sweep);
        HtmlDocument page = new(
            $"Per-token rewards and values of {Path.GetFileName(Path.TrimEndingDirectorySeparator(result.Policy))}",
            [
                Html.Element("p", "lead", "A policy's logits read as soft Q-values (Rafailov et al. 2024, appendix D)."),
                Html.Facts(
                [
                    ("β", Numbers.Setting(result.Beta)),
                    ("Seen", $"after {result.SeenAfter}, in {Numbers.Count(result.DataPairs)} {Quantity.Noun(result.DataPairs, "pair")}"),
                    ("Convention", result.Convention),
                    .. result.Bellman is { } bellman ? [("Eq. (8) to (10)", Told(bellman))] : ((string, string)[])[],
                ]),
            ],
            [
                new Section("values", "Values and rewards", [Summary(result)]),
                new Section("across-beta", "Across β", [Sweep(result), sweep.Render()]),
                .. shown > 0 ? [Tokens(result, textOf, shown)] : (Section[])[],
            ]);
        PageFolder.Write(folder, page.Render(), [sweep]);
    }

    private static string Told(SoftBellmanCheck check) =>
        $"solved with the rewards that were read, on {Words.Count(check.Trees, "tree")} of the {Numbers.Count(check.Actions)} likeliest "
        + $"tokens and {Numbers.Count(check.Depth)} deep: log π* is within {Numbers.Significant(check.LogProb)} nats of log π, V* within "
        + $"{Numbers.Significant(check.Value)} of V";

    private static XElement Summary(SoftQResult result) => new HtmlTable(
        "Means with standard errors over prompts; – where there is none",
        [.. SoftQRows.Columns(result).Select((column, k) => k == 0 ? TableColumn.Text(column) : TableColumn.Number(column))],
        [.. SoftQRows.Of(result).Select(row => new TableRow(row))]).Render();

    private static XElement Sweep(SoftQResult result) => new HtmlTable(
        "The data's chosen and rejected responses; standard errors over pairs",
        [.. SweepRows.Columns.Select((column, k) => k is 0 or 6 ? TableColumn.Text(column) : TableColumn.Number(column))],
        [.. SweepRows.Of(result.Sweep).Select(row => new TableRow(row))]).Render();

    private static Section Tokens(SoftQResult result, Func<int, string> textOf, int shown)
    {
        (SoftQSet Set, ResponseValues Response)[] chosen =
        [
            .. result.Sets.SelectMany(set => set.Values.Where(response => response.Tree < shown).Select(response => (set, response))),
        ];
        double largest = chosen.SelectMany(entry => entry.Response.Tokens)
            .Select(token => Math.Abs(token.RewardZeroGauge)).Append(1e-12).Max();
        TokenView view = new(largest, textOf);
        return new Section(
            "tokens",
            "Token by token",
            [TokenView.Key(), .. chosen.SelectMany((entry, k) => Response(view, entry.Set, entry.Response, k))]);
    }

    private static IEnumerable<XElement> Response(TokenView view, SoftQSet set, ResponseValues response, int place)
    {
        string id = $"tokens-{place + 1}";
        yield return Html.Element(
            "div",
            "kind",
            new XAttribute("id", id),
            Html.Heading(3, id, $"{Title(set.Name)}, row {set.Rows[response.Tree]}"),
            Html.Element(
                "p",
                "small muted",
                $"implicit reward {Numbers.Fixed(response.ImplicitReward, 3)} = Σ r {Numbers.Fixed(response.RewardSum, 3)} − V(prompt) "
                + $"{Numbers.Fixed(response.PromptValue, 3)} + V(end) "
                + $"{Numbers.Fixed(response.EndValue, 3)}{(response.Ended ? "" : " (cut)")}"),
            view.Render(response));
    }

    private static string Title(string set) => set switch
    {
        "samples" => "Sample of the policy",
        "chosen" => "Chosen response",
        _ => "Rejected response",
    };
}
