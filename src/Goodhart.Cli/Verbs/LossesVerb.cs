using System.CommandLine;
using Goodhart.Alignment.Losses;
using Goodhart.Cli.Losses;
using Goodhart.Cli.Parsing;
using Goodhart.Pipeline;
using Goodhart.Report.Svg;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart losses</c>: every loss with its formula, source, parameters and what other tools call it.</summary>
internal sealed class LossesVerb : Verb
{
    private readonly Argument<string?> name = new Argument<string?>("NAME")
    {
        Description = "A loss; everything there is to say of it.",
        HelpName = "NAME",
        Arity = ArgumentArity.ZeroOrOne,
    }.AcceptOnlyFromAmong([.. LossCatalogue.All.Select(entry => entry.Name)]);

    private readonly Option<string?> folder = TextOption.OrNone(
        "--out", "DIR", "Draw the losses and their derivatives over the margin or log-ratio, as DIR/NAME.svg, in place of the list.");

    private readonly Option<bool> json = CommonOptions.Json();

    public LossesVerb()
        : base("losses", "List the losses: formulas, sources, parameters, what other tools call them, β conversions.") =>
        Take([name, folder, json], Run);

    public override IReadOnlyList<string> Examples { get; } =
        ["goodhart losses", "goodhart losses ipo-mean", "goodhart losses --json", "goodhart losses --out plots"];

    private int Run(ParseResult parse)
    {
        LossEntry? one = parse.GetValue(name) is { } asked ? LossCatalogue.Find(asked) : null;
        IReadOnlyList<LossEntry> entries = one is null ? LossCatalogue.All : [one];
        if (parse.GetValue(folder) is { } target)
        {
            IReadOnlyList<string> files = Draw(entries, target);
            Out(parse).WriteLine(parse.GetValue(json) ? JsonLayout.Text(new { files }) : string.Join('\n', files));
        }
        else if (parse.GetValue(json))
        {
            Out(parse).WriteLine(one is null
                ? JsonLayout.Text(entries.Select(LossDescription.Of))
                : JsonLayout.Text(LossDescription.Of(one)));
        }
        else if (one is null)
        {
            LossText.WriteTable(Out(parse));
        }
        else
        {
            LossText.WriteDetails(one, Out(parse));
        }

        return ExitCode.Done;
    }

    /// <exception cref="InvalidDataException">A file of a drawing's name is no drawing of that loss, or the folder is a
    /// file; nothing was written.</exception>
    private static IReadOnlyList<string> Draw(IReadOnlyList<LossEntry> entries, string target)
    {
        if (File.Exists(target))
        {
            throw new InvalidDataException($"{Path.GetFullPath(target)} is a file; --out expects a folder. Name another one.");
        }

        (LossEntry Entry, string File)[] drawings = [.. entries.Select(entry => (entry, Path.Combine(target, $"{entry.Name}.svg")))];
        foreach ((LossEntry entry, string file) in drawings)
        {
            string mark = $"\"{LossFigure.Id(entry)}-title\"";
            if (Directory.Exists(file) || (File.Exists(file) && !File.ReadAllText(file).Contains(mark, StringComparison.Ordinal)))
            {
                throw new InvalidDataException($"{file} exists and is no drawing of {entry.Name}: name another folder, or move it away.");
            }
        }

        Directory.CreateDirectory(target);
        foreach ((LossEntry entry, string file) in drawings)
        {
            AtomicFile.WriteAllText(file, FigureSvg.Standalone(LossFigure.Of(entry)));
        }

        return [.. drawings.Select(drawing => drawing.File)];
    }
}
