using System.Globalization;
using Goodhart.GpuCheck.Cases;
using Goodhart.GpuCheck.Processes;

namespace Goodhart.GpuCheck.Parts;

/// <summary>Rows of the conformance tables, in processes of their own: one that dies costs its case and no other.</summary>
internal abstract class CasesPart : CheckPart
{
    /// <summary>A case that says nothing for so long hangs.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(90);

    public static IReadOnlyList<CheckCase> Cases { get; } =
        CheckCase.Of(typeof(Linear).Assembly.GetTypes().Where(type => type.IsSealed && IsTable(type)));

    protected abstract bool Has(CheckCase one);

    public override async Task<PartResult> Run(CheckSetting setting, TimeSpan most)
    {
        int[] places = [.. Enumerable.Range(0, Cases.Count).Where(i => Has(Cases[i]))];
        CaseWatch watch = new(Cases, places);
        await watch.Run(
            remaining => Child.Run(Command(setting, remaining), watch.Left(most), Silence, watch.Hear), most);
        return new PartResult(watch.Failures.Count == 0 && watch.Passed == places.Length, Facts(watch, places.Length), watch.Failures);
    }

    private static IReadOnlyList<string> Command(CheckSetting setting, IEnumerable<int> places) =>
        [.. Child.Self, "cases", .. setting.DeviceOptions, "--places", string.Join(',', places)];

    private static IReadOnlyList<string> Facts(CaseWatch watch, int all)
    {
        int missing = all - watch.Passed - watch.Failures.Count;
        return
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"{watch.Passed} of {all} cases passed, {watch.Failures.Count} failed, {missing} not run for want of time; "
                    + $"{watch.Seconds:0.0} s"),
            .. watch.Slowest(3).Select(slow => string.Create(CultureInfo.InvariantCulture, $"slow: {slow.Seconds:0.0} s {slow.Name}")),
        ];
    }

    private static bool IsTable(Type type) =>
        type.BaseType?.Namespace?.StartsWith("Goodhart.Engine.Conformance", StringComparison.Ordinal) == true;
}

/// <summary>Every operation against the reference implementation, over shapes with every kind of edge.</summary>
internal sealed class TablePart : CasesPart
{
    public override string Name => "table";

    public override double Share => 0.5;

    protected override bool Has(CheckCase one) => !FolderPart.IsOfFolders(one);
}

/// <summary>Whole models against the reference folders: logits, log-probs, decoding, gradients, optimizer traces.</summary>
internal sealed class FolderPart : CasesPart
{
    public override string Name => "folders";

    public override double Share => 0.5;

    public static bool IsOfFolders(CheckCase one) =>
        one.Table.BaseType!.Namespace!.EndsWith(".Folders", StringComparison.Ordinal);

    protected override bool Has(CheckCase one) => IsOfFolders(one);
}
