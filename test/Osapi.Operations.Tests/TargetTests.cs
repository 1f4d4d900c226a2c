using CsCheck;

namespace Osapi.Operations.Tests;

public sealed class TargetTests
{
    private static readonly Dictionary<string, string> NoLabels = [];

    private static readonly Dictionary<string, string> Labels = new() { ["group"] = "web.dev.us-east", ["env"] = "prod" };

    [Theory]
    [InlineData("_any", TargetKind.Any, false)]
    [InlineData("_all", TargetKind.All, true)]
    [InlineData("web-01", TargetKind.Host, false)]
    [InlineData("a", TargetKind.Host, false)]
    [InlineData("web_01.example.com", TargetKind.Host, false)]
    [InlineData("10.0.0.1", TargetKind.Host, false)]
    [InlineData("any", TargetKind.Host, false)]
    [InlineData("group:web", TargetKind.Label, true)]
    [InlineData("group:web.dev.us-east", TargetKind.Label, true)]
    [InlineData("_a-b:_c-d", TargetKind.Label, true)]
    public void A_target_is_one_of_four_kinds(string text, TargetKind kind, bool broadcast)
    {
        var target = Target.Parse(text);

        Assert.Equal((kind, text, broadcast), (target.Kind, target.Text, target.IsBroadcast));
        Assert.Equal(text, target.ToString());
    }

    [Theory]
    [InlineData(":value")]
    [InlineData("key:")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("gr@up:web")]
    [InlineData("group:web/dev")]
    [InlineData("a:b:c")]
    [InlineData("group:web..dev")]
    [InlineData("group:.web")]
    [InlineData("group:web.")]
    [InlineData("group:*")]
    [InlineData("gro.up:web")]
    [InlineData("group:web\n")]
    [InlineData("group\n:web")]
    [InlineData(" group:web")]
    [InlineData("group: web")]
    [InlineData("[::1]")]
    [InlineData("web-01:8080/x")]
    [InlineData("grüp:web")]
    [InlineData("group:١")]
    public void Malformed_labels_are_refused_by_name(string text) => Refused(text, $"target '{text}' is not a label: expected key:value");

    [Theory]
    [InlineData("_local")]
    [InlineData("_ANY")]
    [InlineData("_")]
    [InlineData("_any ")]
    [InlineData("_all\n")]
    public void Names_with_an_underscore_in_front_are_reserved(string text) => Refused(text, $"target '{text}' is unknown: names with a leading underscore are reserved");

    [Theory]
    [InlineData("*")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a.")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("../etc")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("a\u001b[2J")]
    [InlineData("a%2Fb")]
    [InlineData("wéb")]
    [InlineData("a>")]
    [InlineData(" ")]
    public void Invalid_host_names_are_refused_by_name(string text) => Refused(text, $"target '{text}' is not a host name");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_target_is_required(string? text) => Assert.StartsWith("target is required", Problem(text), StringComparison.Ordinal);

    [Fact]
    public void Names_and_labels_have_a_length_they_may_not_pass()
    {
        Assert.Null(Problem(new string('a', 253)));
        Assert.NotNull(Problem(new string('a', 254)));
        Assert.Null(Problem($"{new string('k', 63)}:{new string('v', 253)}"));
        Assert.NotNull(Problem($"{new string('k', 64)}:v"));
        Assert.NotNull(Problem($"k:{new string('v', 254)}"));
    }

    [Fact]
    public void A_hostile_length_is_shown_short()
    {
        foreach (var text in (string[])[new('a', 10_000_000), "k:" + new string('a', 10_000_000), "_" + new string('a', 10_000_000)])
        {
            var problem = Problem(text)!;

            Assert.Contains($"'{text[..77]}...'", problem, StringComparison.Ordinal);
            Assert.InRange(problem.Length, 80, 300);
        }
    }

    [Fact]
    public void Any_and_all_include_every_host()
    {
        Assert.True(Target.Any.Includes("web-01", NoLabels));
        Assert.True(Target.All.Includes("web-01", NoLabels));
    }

    [Theory]
    [InlineData("web-01", "web-01", true)]
    [InlineData("WEB-01", "web-01", true)]
    [InlineData("web-01", "Web-01", true)]
    [InlineData("web-01", "web-02", false)]
    [InlineData("web-0", "web-01", false)]
    [InlineData("web_01", "web-01", false)]
    public void A_host_is_included_by_its_name_whatever_the_case(string target, string host, bool included) =>
        Assert.Equal(included, Target.Parse(target).Includes(host, NoLabels));

    [Theory]
    [InlineData("group:web", true)]
    [InlineData("group:web.dev", true)]
    [InlineData("group:web.dev.us-east", true)]
    [InlineData("group:web.dev.us-east.a", false)]
    [InlineData("group:web.dev.us", false)]
    [InlineData("group:we", false)]
    [InlineData("group:dev", false)]
    [InlineData("group:WEB", false)]
    [InlineData("Group:web", false)]
    [InlineData("env:prod", true)]
    [InlineData("env:pro", false)]
    [InlineData("role:web", false)]
    public void A_label_includes_what_is_below_its_value(string target, bool included) =>
        Assert.Equal(included, Target.Parse(target).Includes("web-01", Labels));

    [Fact]
    public void A_label_target_can_be_created_from_key_and_value()
    {
        Assert.Equal(Target.Parse("group:web.dev"), Target.Label("group", "web.dev"));
        Assert.Equal(("group", "web.dev"), (Target.Label("group", "web.dev").LabelKey, Target.Label("group", "web.dev").LabelValue));
        Assert.Throws<FormatException>(() => Target.Label("group", "a:b"));
        Assert.Throws<FormatException>(() => Target.Label("", "a"));
    }

    [Fact]
    public void A_text_is_a_target_where_one_is_wanted()
    {
        Target target = "_any";

        Assert.Same(Target.Any, target);
        Assert.Throws<FormatException>(() => (Target)"a b");
    }

    [Fact]
    public void Every_text_is_a_target_that_prints_as_it_was_or_refused_with_a_reason() =>
        Gen.OneOf(Gen.String, Gen.String["ab_-.:1A "], Gen.Select(Gen.String["ab._"], Gen.String["ab._"], (key, value) => $"{key}:{value}")).Sample(
            text =>
            {
                _ = Target.TryParse(text, out var target, out var problem);

                Assert.NotEqual(target is null, problem is null);
                Assert.Equal(target is not null, Target.TryParse(text, null, out var tried));
                Assert.Equal(target, tried);
                if (target is null)
                    Assert.Equal(problem, Assert.Throws<FormatException>(() => Target.Parse(text)).Message);
                else
                    Assert.Equal(target, Target.Parse(target.ToString()));
                // A target is a path segment and part of a subject's name.
                Assert.True(target is null || text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':'));
            },
            iter: Fuzz.Times(300_000), threads: 2);

    private static void Refused(string text, string problem)
    {
        Assert.False(Target.TryParse(text, null, out _));
        Assert.StartsWith(problem, Assert.Throws<FormatException>(() => Target.Parse(text)).Message, StringComparison.Ordinal);
    }

    private static string? Problem(string? text) => Target.TryParse(text, out _, out var problem) ? null : problem;
}
