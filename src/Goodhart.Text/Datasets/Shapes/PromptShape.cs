using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Prompts without responses: for sampling, and for policies that answer them.</summary>
public abstract record PromptShape : DatasetShape
{
    internal override Reading<SftRow> ReadExample(Cells cells) => SkipReason.NoCompletion;

    internal override Reading<SftRow> ReadWhole(Cells cells) =>
        ReadPrompt(cells) is { } prompt ? new SftRow(cells.Row.Index, prompt, "") : SkipReason.NoPrompt;
}

/// <summary>A column of texts, taken as they are.</summary>
public sealed record TextPrompts : PromptShape
{
    public override string Description => "prompts as strings";

    internal override IReadOnlyList<string> Roles => ["prompt"];

    internal override string? ReadPrompt(Cells cells) => cells.IsMissing("prompt") ? null : cells.Text("prompt");
}

/// <summary>Alpaca's columns without a response.</summary>
public sealed record AlpacaPrompts(AlpacaPrompt Prompt) : PromptShape
{
    public override string Description => $"prompts: {Prompt.Description}";

    internal override ConversationTemplate? Writer => Prompt.Writer;

    internal override IReadOnlyList<string> Roles => Prompt.Roles;

    internal override string? ReadPrompt(Cells cells) => Prompt.Of(cells);
}

/// <summary>A column of conversations, as TRL has them.</summary>
public sealed record ConversationPrompts(ConversationTemplate Template) : PromptShape
{
    public override string Description => $"prompts as messages, written in the {Template.Name} template";

    internal override ConversationTemplate? Writer => Template;

    internal override IReadOnlyList<string> Roles => ["system", "prompt"];

    internal override string? ReadPrompt(Cells cells) =>
        cells.IsMissing("prompt") ? null : Template.Prompt(cells.WithSystem(cells.Messages("prompt", Speaker.User)), cells.Extras());
}
