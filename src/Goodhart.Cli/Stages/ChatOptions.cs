using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Models;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Text.Datasets.Conversations;

namespace Goodhart.Cli.Stages;

/// <summary>How conversations become text.</summary>
internal sealed class ChatOptions
{
    private readonly Option<string?> template = TextOption.OrNone(
        "--chat-template", "model|plain|FILE",
        "What writes conversations as text: model (the template in the model's folder), plain, or a template file. "
            + "Default: as the model was trained, where its folder says so (goodhart_chat.json), else model where there is one.");

    private readonly Option<string> mismatch = TextOption.Of(
        "--prefix-mismatch", "refuse|common", "refuse",
        "Rows whose prompt the template writes otherwise once an answer follows: refuse, or common, "
            + "which takes what both share as the prompt.").AcceptOnlyFromAmong("refuse", "common");

    private readonly Option<DateTime?> date = TimeOption.OrNone(
        "--chat-date", "The day that templates are told which ask for the date: prompts shall not change from day to day.");

    public IReadOnlyList<Option> All => [template, mismatch, date];

    /// <summary>What writes conversations for the model that an option names; null without it.</summary>
    /// <exception cref="ArgumentException">A template is named and no model whose special tokens it is given.</exception>
    public TokenizerFiles? TokenizerOf(ParseResult parse, Option<string?> model, Action<string>? note)
    {
        if (parse.GetValue(model) is { } folder)
        {
            MissingModel.RefuseAbsentName(folder);
            return TokenizerFiles.Of(folder, Of(parse), note);
        }

        bool isPlain = parse.GetValue(template) == ChatStyle.Plain;
        Option? alone = All.FirstOrDefault(
            option => parse.GetResult(option) is { Implicit: false } && !(option == template && isPlain));
        return alone is null ? null : throw new ArgumentException(
            $"{alone.Name} says how a model is asked; name the folder with its tokenizer: {model.Name} {model.HelpName}.");
    }

    /// <summary>What writes conversations for a model; null: HH's layout.</summary>
    /// <param name="model">The folder whose template it is, unless another is named.</param>
    /// <param name="note">Told where the folder says how its model was trained.</param>
    /// <exception cref="DirectoryNotFoundException">No such folder.</exception>
    public ChatFiles? Of(ParseResult parse, string model, Action<string>? note)
    {
        LoadedModel.RequireFolder(model);
        return ChatFiles.Of(Of(parse), ModelFolder.TokenizerOf(model), note);
    }

    public ChatStyle Of(ParseResult parse) => new(
        parse.GetValue(template),
        parse.GetResult(mismatch) is not { Implicit: false } ? null
            : parse.GetValue(mismatch) == "common" ? PrefixMismatch.Common : PrefixMismatch.Refuse,
        parse.GetValue(date));
}
