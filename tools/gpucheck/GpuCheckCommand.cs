using System.CommandLine;
using System.Globalization;
using Goodhart.GpuCheck.Cases;
using Goodhart.GpuCheck.Parts;

namespace Goodhart.GpuCheck;

/// <summary>The program as a function of its arguments.</summary>
internal static class GpuCheckCommand
{
    private const int BadInput = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        ParseResult parse = Create(output, error).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0)
        {
            foreach (string message in parse.Errors.Select(fault => fault.Message).Distinct())
            {
                await error.WriteLineAsync($"error: {message}");
            }

            return BadInput;
        }

        try
        {
            return await parse.InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception fault) when (fault is ArgumentException or IOException)
        {
            await error.WriteLineAsync($"error: {fault.Message}");
            return BadInput;
        }
    }

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        Option<string> device = new("--device")
        {
            Description = "What is checked: cuda, cuda:1 and so on; torch is libtorch's CPU.",
            DefaultValueFactory = _ => "cuda",
            HelpName = "NAME",
        };
        Option<string?> libtorch = new("--libtorch")
        {
            Description = "The folder of libtorch or of a Python torch. Default: GOODHART_LIBTORCH, else python3's.",
            HelpName = "DIR",
        };
        Option<string> python = new("--python")
        {
            Description = "A Python with PyTorch: the bench's peer.",
            DefaultValueFactory = _ => "python3",
            HelpName = "PROGRAM",
        };
        Option<double> minutes = new("--minutes")
        {
            Description = "Time for everything; what does not fit is not run, and said.",
            DefaultValueFactory = _ => 8,
            CustomParser = result =>
            {
                if (result.Tokens is [{ Value: { } text }]
                    && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1000)
                {
                    return value;
                }

                result.AddError("--minutes: expected a number above 0. Example: --minutes 8");
                return 0;
            },
        };
        Option<string> parts = new("--parts")
        {
            Description = $"What is run, with commas between: {string.Join(", ", CheckPart.All.Select(part => part.Name))}.",
            DefaultValueFactory = _ => string.Join(',', CheckPart.All.Select(part => part.Name)),
            HelpName = "table,bench",
        };
        Option<string?> shapes = new("--shapes")
        {
            Description = "Of the bench's speed. Default: what suits the device.",
            HelpName = "d,pythia-1b",
        };
        Option<string> folder = new("--out")
        {
            Description = "Where the report is written.",
            DefaultValueFactory = _ => "gpucheck-report",
            HelpName = "DIR",
        };
        RootCommand root = new("Checks the libtorch device on a machine with a GPU and PyTorch, in at most so many minutes: the operation "
            + "table, whole models, a short study, the bench beside PyTorch. Exit code 0: all passed; 1: something failed; 3: nothing "
            + "failed, but the bench had too little time.")
        {
            device, libtorch, python, minutes, parts, shapes, folder, Cases(device, libtorch, output),
        };
        root.SetAction((parse, cancel) => CheckRun.Run(
            new CheckSetting(
                parse.GetValue(device)!, parse.GetValue(libtorch), parse.GetValue(python)!, Path.GetFullPath(parse.GetValue(folder)!),
                parse.GetValue(shapes)),
            Named(parse.GetValue(parts)!), TimeSpan.FromMinutes(parse.GetValue(minutes)), output, cancel));
        return root;

        IReadOnlyList<CheckPart> Named(string list)
        {
            string[] names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string all = string.Join(", ", CheckPart.All.Select(part => part.Name));
            return names.FirstOrDefault(name => CheckPart.All.All(part => part.Name != name)) is { } unknown
                ? throw new ArgumentException($"--parts: expected {all}, found '{unknown}'.")
                : [.. CheckPart.All.Where(part => names.Contains(part.Name))];
        }
    }

    /// <summary>What the program asks of itself in another process.</summary>
    private static Command Cases(Option<string> device, Option<string?> libtorch, TextWriter output)
    {
        Option<string> places = new("--places") { Required = true };
        Command command = new("cases", "Run cases of the tables.") { device, libtorch, places };
        command.Hidden = true;
        command.SetAction((parse, _) =>
        {
            DeviceUnderTest.Choose(parse.GetValue(device)!, parse.GetValue(libtorch));
            return CaseLoop.Run(
                CasesPart.Cases, parse.GetValue(places)!.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)),
                DeviceUnderTest.IsWell, output);
        });
        return command;
    }
}
