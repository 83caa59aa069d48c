using System.Xml.Linq;
using Goodhart.Report.Text;
using Xunit;

namespace Goodhart.Report.Tests;

public class TextTests
{
    [Fact]
    public void Rates_and_estimates_are_written_one_way()
    {
        Assert.Equal("0.512 ± 0.024", Numbers.WithError(0.5119, 0.0238));
        Assert.Equal("0.512", Numbers.WithError(0.5119, null));
        Assert.Equal("–", Numbers.WithError(null, 0.1));
        Assert.Equal("−0.0750 ± 0.0083", Numbers.Measured(-0.07501, 0.00826));
        Assert.Equal("12 ± 15", Numbers.Measured(12.34, 15.2));
        Assert.Equal("0.140", Numbers.Measured(0.14044, null));
        Assert.Equal("0.00", Numbers.Fixed(-0.001, 2));
        Assert.Equal("–", Numbers.Fixed(double.NaN, 2));
    }

    [Theory]
    [InlineData(0.0123456, "0.0123")]
    [InlineData(-1234.6, "−1235")]
    [InlineData(0, "0.00")]
    [InlineData(1.5e-9, "1.5E−9")]
    public void Coefficients_have_three_digits(double value, string expected) => Assert.Equal(expected, Numbers.Significant(value));

    [Fact]
    public void Quantities_have_units()
    {
        Assert.Equal("8\u2009192", Numbers.Count(8192));
        Assert.Equal("12 min 52 s", Numbers.Seconds(772));
        Assert.Equal("2 h 05 min", Numbers.Seconds(7530));
        Assert.Equal("0.80 s", Numbers.Seconds(0.8));
        Assert.Equal("1.32×10¹⁴", Numbers.Flops(1.32e14));
        Assert.Equal("0", Numbers.Flops(0));
        Assert.Equal("1.22 GiB", Numbers.Bytes(1_310_000_000));
        Assert.Equal("0.005", Numbers.Setting(0.005));
    }

    [Fact]
    public void Csv_quotes_what_needs_it_and_keeps_every_digit()
    {
        CsvTable table = new CsvTable(["name", "value"], [["a,\"b\"\n", 0.1 + 0.2], [null, 3]]);

        Assert.Equal("name,value\n\"a,\"\"b\"\"\n\",0.30000000000000004\n,3\n", table.Write());
        Assert.Throws<ArgumentException>(() => new CsvTable(["a", "b"], [[1]]).Write());
    }

    [Fact]
    public void Characters_that_xml_cannot_hold_are_replaced()
    {
        Assert.Equal("a\uFFFDb\uFFFD\uFFFD😀\nc\n", XmlText.Clean("a\0b\uD800\uFFFE😀\r\nc\r"));
        Assert.Equal("<p title=\"&lt;&quot;\">&lt;&amp;</p>", XmlText.Write(new XElement("p", new XAttribute("title", "<\""), "<&")));
    }

    [Fact]
    public void Only_void_elements_close_themselves() =>
        Assert.Equal("<td></td>", XmlText.Write(new XElement("td")));
}
