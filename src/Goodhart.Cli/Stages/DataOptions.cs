using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Steps.Rows;
using Goodhart.Text.Truncation;

namespace Goodhart.Cli.Stages;

/// <summary>How a training file is read.</summary>
internal sealed class DataOptions
{
    private readonly RowOptions rows = new();
    private readonly Option<int?> maxTokens = NumberOption.WholeOrNone(
        "--max-tokens", 2, "Tokens of a prompt with its longer response, EOS included. Default: "
            + FormattableString.Invariant($"{LengthBudget.Paper.MaxTokens}, or the model's positions where these are fewer."));

    private readonly Option<int?> maxPromptTokens = NumberOption.WholeOrNone(
        "--max-prompt-tokens", 1, "Tokens of a prompt. Default: what the response leaves. The paper's code has 256.");

    private readonly Option<string> truncation = TextOption.Of(
        "--truncation", "POLICY", "keepEnd",
        $"What becomes of longer rows: {string.Join(", ", TruncationPolicy.All.Select(policy => policy.Name))}.");

    private readonly ChatOptions chat = new();

    public IReadOnlyList<Option> All => [.. rows.All, maxTokens, maxPromptTokens, truncation, .. chat.All];

    public StageData Of(ParseResult parse) => new(
        rows.Of(parse),
        new LengthBudget(parse.GetValue(maxTokens) ?? LengthBudget.Paper.MaxTokens, parse.GetValue(maxPromptTokens)),
        TruncationPolicy.Parse(parse.GetValue(truncation)!))
    {
        FollowsModel = parse.GetValue(maxTokens) is null,
        Chat = chat.Of(parse),
    };
}
