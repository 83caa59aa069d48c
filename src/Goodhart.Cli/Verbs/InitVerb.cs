using System.CommandLine;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Hub.Cards;
using Goodhart.Models;
using Goodhart.Steps.Training;
using Goodhart.Text;

namespace Goodhart.Cli.Verbs;

/// <summary><c>goodhart init</c>: a random model to train from scratch.</summary>
internal sealed class InitVerb : Verb
{
    private readonly Option<string> folder = TextOption.Required("--out", "DIR", "A new or empty folder.");
    private readonly Option<string> tokenizer = TextOption.Required(
        "--tokenizer", "FOLDER", "A folder with tokenizer.json, such as `goodhart world export` writes.").AcceptHubName();

    private readonly Option<int> hidden = NumberOption.Whole("--hidden-size", 4, 128, "Width; a multiple of the heads. Pythia-160m: 768.");
    private readonly Option<int> layers = NumberOption.Whole("--layers", 1, 4, "Pythia-160m: 12.");
    private readonly Option<int> heads = NumberOption.Whole("--heads", 1, 4, "Attention heads. Pythia-160m: 12.");
    private readonly Option<int> positions = NumberOption.Whole("--max-positions", 2, 2048, "Longest sequence in tokens.");
    private readonly Option<int?> vocabulary = NumberOption.WholeOrNone(
        "--vocabulary", 1, "Rows of the embedding. Default: the tokenizer's ids. Pythia-160m: 50304.");

    private readonly Option<string> architecture = TextOption.Of(
        "--architecture", "NAME", Architecture.Default.Name,
        $"{string.Join(" or ", Architecture.Names)}. Llama: RMS norms, SwiGLU of 8/3 the width, whole heads rotate.")
        .AcceptOnlyFromAmong([.. Architecture.Names]);

    private readonly Option<ulong> seed = CommonOptions.Seed("the weights");

    public InitVerb()
        : base("init", "Make a model of random weights as a Hugging Face folder, to train from scratch.") =>
        Take([folder, tokenizer, architecture, hidden, layers, heads, positions, vocabulary, seed, new ConfigOption()], Run);

    public override IReadOnlyList<string> Examples { get; } =
    [
        "goodhart init --out tiny --tokenizer world --hidden-size 64 --layers 2 --heads 2",
        "goodhart init --out llama --tokenizer world --architecture llama",
    ];

    private int Run(ParseResult parse)
    {
        using IDevice device = DeviceChoice.CpuOf(Environment.ProcessorCount);
        NewModel model = new(
            parse.GetValue(hidden), parse.GetValue(layers), parse.GetValue(heads), parse.GetValue(positions), parse.GetValue(vocabulary),
            parse.GetValue(seed))
        {
            Architecture = parse.GetValue(architecture),
        };
        string target = parse.GetValue(folder)!;
        long parameters = model.Write(device, parse.GetValue(tokenizer)!, target);
        new ModelCard(
            $"{parse.GetValue(architecture)} of random weights",
            FormattableString.Invariant($"A model of {parameters:N0} parameters that has learnt nothing yet, to be trained. ")
            + $"Made with Goodhart {GoodhartCommand.Version}.")
        {
            Tags = ["goodhart", "untrained"],
            Command = CommandText.Of(parse),
        }.Write(target);
        Out(parse).WriteLine($"{Quantity.Of(parameters, "parameter", format: "N0")}  {Path.GetFullPath(target)}");
        return ExitCode.Done;
    }
}
