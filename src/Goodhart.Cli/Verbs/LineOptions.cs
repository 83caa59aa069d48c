using System.CommandLine;
using Goodhart.Cli.Devices;
using Goodhart.Cli.Live;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Runs;

namespace Goodhart.Cli.Verbs;

/// <summary>Where a tool's lines go, and on what they are computed.</summary>
/// <param name="out">What --out is for.</param>
internal sealed class LineOptions(string @out)
{
    private readonly Option<string?> file = TextOption.OrNone("--out", "FILE.jsonl", @out);
    private readonly DeviceOptions device = new();
    private readonly Option<bool> quiet = CommonOptions.Quiet();
    private readonly Option<bool> json = CommonOptions.Json();

    public IEnumerable<Option> All => [file, .. device.All, new ConfigOption(), quiet, json];

    /// <summary>Null: standard output.</summary>
    public string? File(ParseResult parse) => parse.GetValue(file);

    public bool IsJson(ParseResult parse) => parse.GetValue(json);

    /// <summary>For verbs whose lines are their result.</summary>
    public void JsonNeedsFile(Verb verb) => verb.Validators.Add(result =>
    {
        if (result.GetValue(json) && result.GetValue(file) is null)
        {
            result.AddError("--json prints a summary and needs --out: without it the lines themselves are on standard output.");
        }
    });

    /// <inheritdoc cref="CountProgress"/>
    public CountProgress Progress(ParseResult parse, string noun, string done) =>
        new(parse.InvocationConfiguration.Error, noun, done, parse.GetValue(quiet));

    /// <param name="stream">Where lines go without --out.</param>
    public async Task<T> RunAsync<T>(ParseResult parse, LineStep<T> step, TextWriter stream, CancellationToken cancel)
    {
        if (File(parse) is not { } path)
        {
            step.Check();
            using Lender lender = new(() => device.Create(parse));
            return step.Run(() => lender.Device, new StreamedLines(stream), cancel);
        }

        Action<string>? note = ModelNotes.To(parse.InvocationConfiguration.Error, parse.GetValue(quiet));
        return await LineRun.RunAsync(step, path, Environment(path, device.Threads(parse), device.Maker(parse), note), cancel);
    }

    public static StageEnvironment Environment(string path, int threads, Func<int, IDevice> createDevice, Action<string>? note) => new()
    {
        Directory = path,
        Threads = threads,
        CreateDevice = createDevice,
        Version = GoodhartCommand.Version,
        Note = note,
    };

    private sealed class Lender(Func<IDevice> create) : IDisposable
    {
        private IDevice? device;

        public IDevice Device => device ??= create();

        public void Dispose() => device?.Dispose();
    }
}
