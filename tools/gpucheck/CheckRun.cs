using System.Diagnostics;
using System.Globalization;
using System.Text;
using Goodhart.GpuCheck.Cases;
using Goodhart.GpuCheck.Parts;
using Goodhart.GpuCheck.Processes;

namespace Goodhart.GpuCheck;

/// <summary>Runs the parts one after the other and reports.</summary>
internal static class CheckRun
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int Late = 3;

    /// <returns>0 where all passed, 1 where something failed, 3 where nothing did and a part had too little time.</returns>
    public static async Task<int> Run(
        CheckSetting setting, IReadOnlyList<CheckPart> parts, TimeSpan most, TextWriter output, CancellationToken cancel)
    {
        DeviceUnderTest.Choose(setting.Device, setting.Libtorch);   // a wrong name is refused before anything is written
        Directory.CreateDirectory(setting.Folder);
        StringBuilder report = new();
        Stopwatch watch = Stopwatch.StartNew();
        int code = Passed;
        Say($"# gpucheck {Cli.GoodhartCommand.Version} on {setting.Device}");
        if (setting.IsGpu)
        {
            Say($"GPU, driver, memory: {await Gpu()}");
        }

        foreach (CheckPart part in parts)
        {
            cancel.ThrowIfCancellationRequested();
            TimeSpan left = most - watch.Elapsed;
            PartResult result = left > TimeSpan.Zero
                ? await part.Run(setting, part == parts[^1] ? left : left * part.Share)
                : new PartResult(false, [], ["not run for want of time"]);
            IReadOnlyList<string> late = result.Late ?? [];
            code = !result.Passed ? Failed : late.Count > 0 && code == Passed ? Late : code;
            Say("");
            string verdict = !result.Passed ? "FAILED" : late.Count > 0 ? "NOT ALL RUN" : "passed";
            Say(string.Create(CultureInfo.InvariantCulture, $"## {part.Name}: {verdict}, after {watch.Elapsed.TotalSeconds:0} s in all"));
            foreach (string line in result.Facts)
            {
                Say($"- {line}");
            }

            foreach (string line in result.Failures)
            {
                Say($"- FAILED {line}");
            }

            foreach (string line in late)
            {
                Say($"- NOT RUN {line}");
            }
        }

        Say("");
        Say(code switch
        {
            Passed => "All passed.",
            Late => "What ran passed; not all ran, for want of time.",
            _ => "Not all passed.",
        });
        return code;

        void Say(string line)
        {
            output.WriteLine(line);
            output.Flush();
            report.AppendLine(line);
            File.WriteAllText(Path.Combine(setting.Folder, "report.md"), report.ToString());   // a machine may be taken away at any time
        }
    }

    private static async Task<string> Gpu()
    {
        try
        {
            ChildEnd end = await Child.Run(
                ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"], TimeSpan.FromSeconds(20));
            return end.Output.Count > 0 ? string.Join("; ", end.Output) : $"nvidia-smi {end.Reason}: {end.LastWords}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return $"nvidia-smi: {missing.Message}";
        }
    }
}
