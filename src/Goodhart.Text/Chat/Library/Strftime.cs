using System.Globalization;
using System.Text;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Library;

/// <summary>Dates by C's codes, in English, of a clock without a time zone.</summary>
internal static class Strftime
{
    public static string Format(DateTime time, string format, Budget budget)
    {
        budget.Hold(format.Length);
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            bool unpadded = i + 2 < format.Length && format[i + 1] == '-';
            i += unpadded ? 2 : 1;
            string part = i < format.Length ? Code(time, format[i]) : "%";
            string trimmed = unpadded ? part.TrimStart('0') : part;
            text.Append(trimmed.Length == 0 ? "0" : trimmed);
        }

        return text.ToString();
    }

    private static string Code(DateTime time, char code) => code switch
    {
        'Y' => Number(time.Year, "0000"),
        'y' => Number(time.Year % 100),
        'm' => Number(time.Month),
        'd' => Number(time.Day),
        'H' => Number(time.Hour),
        'I' => Number(((time.Hour + 11) % 12) + 1),
        'M' => Number(time.Minute),
        'S' => Number(time.Second),
        'f' => Number(time.Microsecond + (1000 * time.Millisecond), "000000"),
        'j' => Number(time.DayOfYear, "000"),
        'e' => Number(time.Day).TrimStart('0').PadLeft(2),
        'u' => Number(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, "0"),
        'w' => Number((int)time.DayOfWeek, "0"),
        'p' => time.Hour < 12 ? "AM" : "PM",
        'B' => time.ToString("MMMM", CultureInfo.InvariantCulture),
        'b' or 'h' => time.ToString("MMM", CultureInfo.InvariantCulture),
        'A' => time.ToString("dddd", CultureInfo.InvariantCulture),
        'a' => time.ToString("ddd", CultureInfo.InvariantCulture),
        'F' => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        'T' => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        'R' => time.ToString("HH:mm", CultureInfo.InvariantCulture),
        'D' or 'x' => time.ToString("MM/dd/yy", CultureInfo.InvariantCulture),
        'X' => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        'Z' or 'z' => "",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => throw TemplateFault.Unsupported($"strftime_now: the code %{code} is not supported"),
    };

    private static string Number(int number, string format = "00") => number.ToString(format, CultureInfo.InvariantCulture);
}
