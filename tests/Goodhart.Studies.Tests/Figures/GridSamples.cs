using Goodhart.Studies.Results;

namespace Goodhart.Studies.Tests.Figures;

/// <summary>Two hand-written comparisons in the world's style, one of them hostile: text must stay text.</summary>
internal static class GridSamples
{
    public static IReadOnlyList<SampleComparison> All { get; } =
    [
        new(
            "M",
            "my sister and i had a party last week . she took my jacket and never gave it back . i asked her three times . she said she "
                + "lost it . now i am angry and i want to tell our mother .",
            "my sister took my jacket at a party and lost it . should i tell our mother ?",
            3.25,
            [
                new("SFT", "", null, 0, 0, "my sister took my jacket . i am angry .", 2.5),
                new("Low KL", "dpo", 1.6, 1, 0.57, "my sister took my jacket at a party . i am angry .", 3.0),
                new("Best", "dpo", 0.8, 1, 0.89, "my sister took my jacket last week and lost it . i want to tell our mother .", 4.5),
                new("High KL", "dpo", 0.01, 1, 5.24,
                    "my sister is with my jacket . my sister is with my party . i am angry . i am three . mother mother", -1.75),
            ]),
        new(
            "M",
            "a post with <script>alert('1')</script> & \"quotes\" and a control \u0001 character",
            "<img src=x onerror=alert(1)>",
            0,
            [new("SFT", "", null, 0, 0, "</p></section><b>bold</b>", 1), new("High KL", "ipo", 0.01, 1, 4.16, "", -2)]),
    ];
}
