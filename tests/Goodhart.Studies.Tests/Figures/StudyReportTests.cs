using Goodhart.Studies.Reporting;
using Xunit;

namespace Goodhart.Studies.Tests.Figures;

public class StudyReportTests
{
    [Fact]
    public void Writes_report()
    {
        StudyReport.Write(GridStudy.Results, Environment.GetEnvironmentVariable("REPORT_OUT") ?? Path.Combine(Path.GetTempPath(), "r"));
    }
}
