using System.CommandLine;
using Goodhart.Cli.Judging;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Stages;

/// <summary>What checkpoints are measured on.</summary>
internal sealed class EvaluateOptions
{
    private readonly Option<string> reference = TextOption.Required(
        "--reference", "MODEL", "The model that KL is measured to; its tokenizer is used.").AcceptHubName();

    private readonly Option<string> prompts = CommonOptions.Prompts();
    private readonly RowOptions rows = new();
    private readonly Option<int?> limit = NumberOption.WholeOrNone("--limit", 1, "The first so many prompts. Default: all.");
    private readonly Option<int?> maxPromptTokens = NumberOption.WholeOrNone(
        "--max-prompt-tokens", 1, "A longer prompt keeps its end. Default: what the model's positions leave.");

    private readonly Option<int> samples = NumberOption.Whole("--samples", 1, 1, "Responses per prompt.");
    private readonly Option<double> temperature = NumberOption.Above0(
        "--temperature", 1, "Of sampling; KL is always that of the models themselves, over the prefixes that were sampled.");

    private readonly Option<int> maxNewTokens = NumberOption.Whole("--max-new-tokens", 1, 256, "Longest response, EOS included.");
    private readonly Option<ulong> seed = CommonOptions.Seed("the samples");
    private readonly Option<string?> heldOut = TextOption.OrNone(
        "--held-out", "FILE", "Preference pairs for loss, accuracy, margins and forward KL.").AcceptDataNameOrNone();
    private readonly LossOptions loss = new();
    private readonly ChatOptions chat = new();
    private readonly JudgeOptions judge = new(required: false);

    public IReadOnlyList<Option> All =>
        [
            reference, prompts, .. rows.All, .. chat.All, limit, maxPromptTokens, samples, temperature, maxNewTokens, seed, heldOut,
            .. loss.All, .. judge.All,
        ];

    public bool IsJudgePlan(ParseResult parse) => judge.IsPlan(parse);

    /// <summary>Null: nothing is judged.</summary>
    /// <inheritdoc cref="JudgeOptions.Of"/>
    public JudgeChoice? JudgeOf(ParseResult parse, Func<IDevice> createDevice, Action<string>? note) =>
        judge.Of(parse, parse.GetValue(seed), createDevice, note);

    public EvaluateSettings Of(ParseResult parse, IReadOnlyList<string> checkpoints) => new(
        checkpoints,
        parse.GetValue(reference)!,
        parse.GetValue(prompts)!,
        rows.Of(parse),
        parse.GetValue(limit),
        parse.GetValue(maxPromptTokens),
        new ResponseSampling(parse.GetValue(samples), parse.GetValue(temperature), parse.GetValue(maxNewTokens), parse.GetValue(seed)),
        parse.GetValue(heldOut),
        loss.Of(parse))
    {
        Chat = chat.Of(parse),
    };
}
