using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Steps.Lines;

namespace Goodhart.Studies.Theory;

/// <summary>A soft Q result as JSON lines, one for each token.</summary>
public static class TokenLines
{
    /// <param name="textOf">A token as text.</param>
    public static IEnumerable<string> Of(SoftQResult result, Func<int, string> textOf) => result.Sets.SelectMany(set =>
    {
        Dictionary<int, int> responses = [];
        return set.Values.SelectMany(response =>
        {
            int place = responses[response.Tree] = responses.GetValueOrDefault(response.Tree, -1) + 1;
            return response.Tokens.Select(token => Line(set.Name, set.Rows[response.Tree], place, token, textOf(token.Token)));
        });
    });

    private static string Line(string set, int row, int response, TokenValue token, string text)
    {
        JsonObject line = new() { ["set"] = set, ["row"] = row, ["response"] = response, ["text"] = text };
        foreach ((string name, JsonNode? value) in JsonSerializer.SerializeToNode(token, JsonLines.Options)!.AsObject().ToArray())
        {
            line[name] = value?.DeepClone();
        }

        return line.ToJsonString(JsonLines.Options);
    }
}
