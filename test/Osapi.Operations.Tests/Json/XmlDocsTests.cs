using System.Text;
using System.Xml;
using Osapi.Operations.Json;
using Osapi.Operations.Node;
using Osapi.Operations.Sample;

namespace Osapi.Operations.Tests.Json;

public sealed class XmlDocsTests
{
    [Fact]
    public void An_operation_is_described_by_its_request() =>
        Assert.Equal("Returns total, used and free space of each local file system, in bytes.", XmlDocFiles.Product.Of(NodeOperations.Disk));

    [Fact]
    public void A_member_of_a_positional_record_is_described_by_its_parameter() =>
        Assert.Equal("The size in bytes.", Member<Disk>("total"));

    [Fact]
    public void Inherited_summaries_are_resolved() => Assert.Equal(Member<HostnameResult>("os_hostname"), Member<NodeStatus>("os_hostname"));

    [Fact]
    public void Marked_text_is_kept() =>
        Assert.Equal("The time since boot in words, such as 4 days, 6 hours, 14 minutes.", Member<NodeStatus>("uptime"));

    [Theory]
    [InlineData("One   two\n   three.", "One two three.")]
    [InlineData("See <see cref=\"T:A.B.C\"/>.", "See C.")]
    [InlineData("See <see cref=\"T:A.B.C`1\"/>.", "See C.")]
    [InlineData("See <see cref=\"M:A.B.Run(System.String,System.Int32)\"/>.", "See Run.")]
    [InlineData("Is <see langword=\"null\"/> or <paramref name=\"other\"/>.", "Is null or other.")]
    [InlineData("A <see cref=\"T:A.B\">long name</see>.", "A long name.")]
    [InlineData("Less &lt; <c>more</c> &amp; <i>most</i>.", "Less < more & most.")]
    [InlineData("", "")]
    public void A_summary_becomes_plain_text(string xml, string text)
    {
        var words = Read($"""<member name="T:Osapi.Operations.Sample.RunSample"><summary>{xml}</summary><remarks>Not this.</remarks></member>""");

        Assert.Equal(text, words.Of(typeof(RunSample)));
    }

    [Fact]
    public void Undocumented_members_have_no_description()
    {
        Assert.Null(XmlDocs.None.Of(typeof(RunSample)));
        Assert.Null(XmlDocs.None.Of(SampleOperations.Run.RequestInfo.Properties[0]));
        Assert.Equal("", XmlDocs.None.Of(SampleOperations.Run));
        Assert.Null(Read("""<member name="T:Osapi.Operations.Sample.RunSample"><inheritdoc cref="T:Nowhere"/></member>""").Of(typeof(RunSample)));
    }

    [Fact]
    public void A_file_that_is_no_xml_is_refused() => Assert.Throws<XmlException>(() => Read("<oops>"));

    private static string? Member<T>(string name) => XmlDocFiles.Product.Of(OperationCatalog.Default
        .Select(operation => operation.ResultInfo)
        .SelectMany(info => Contract.Members(info))
        .First(member => member.Owner.Type == typeof(T) && member.Property.Name == name).Property);

    private static XmlDocs Read(string members) =>
        XmlDocs.Read(new MemoryStream(Encoding.UTF8.GetBytes($"<doc><assembly><name>X</name></assembly><members>{members}</members></doc>")));
}
