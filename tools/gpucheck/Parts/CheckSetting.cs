using Goodhart.GpuCheck.Processes;

namespace Goodhart.GpuCheck.Parts;

/// <summary>What is checked, and with what.</summary>
/// <param name="Device">As <c>--device</c> has it.</param>
/// <param name="Libtorch">Folder of libtorch; null: it is looked for.</param>
/// <param name="Python">A Python with PyTorch, for the peer.</param>
/// <param name="Folder">Where everything is written.</param>
/// <param name="Shapes">Of the bench; null: what suits the device.</param>
internal sealed record CheckSetting(string Device, string? Libtorch, string Python, string Folder, string? Shapes)
{
    public bool IsGpu => Device != "torch";

    /// <summary>The options that name the device.</summary>
    public IReadOnlyList<string> DeviceOptions =>
        ["--device", Device, .. Libtorch is null ? (string[])[] : ["--libtorch", Libtorch]];
}

/// <summary>A part of the check.</summary>
internal abstract class CheckPart
{
    /// <summary>All, in the order in which they are run.</summary>
    public static IReadOnlyList<CheckPart> All { get; } =
    [
        new TablePart(), new FolderPart(), new StudyPart(), new BenchPart([.. Child.Self, "goodhart"], TimeSpan.FromMinutes(1)),
    ];

    public abstract string Name { get; }

    /// <summary>Share of the time that is left which it may take at most.</summary>
    public abstract double Share { get; }

    /// <param name="most">Time that it may take: what does not fit is said to be not run, and is no success.</param>
    public abstract Task<PartResult> Run(CheckSetting setting, TimeSpan most);
}

/// <summary>What came of a part.</summary>
/// <param name="Passed">Nothing failed.</param>
/// <param name="Facts">What was found, a line each.</param>
/// <param name="Failures">A line each, with case, shape, place and values.</param>
/// <param name="Late">What a part that also measures had no time for, a line each: no failure, and no success.</param>
internal sealed record PartResult(
    bool Passed, IReadOnlyList<string> Facts, IReadOnlyList<string> Failures, IReadOnlyList<string>? Late = null);
