import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.io.FileDocumentSource;
import org.semanticweb.owlapi.io.OWLParser;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyLoaderConfiguration;
import org.semanticweb.owlapi.rdf.rdfxml.parser.RDFXMLParser;
import org.semanticweb.owlapi.rdf.turtle.parser.TurtleOntologyParser;

/** Prints the axioms that the OWL API reads from a file with its own parser, so that no other parser is a fallback. */
public final class Axioms {
    public static void main(String[] arguments) throws Exception {
        String path = arguments[0];
        OWLParser parser = path.endsWith(".ttl") ? new TurtleOntologyParser() : new RDFXMLParser();
        OWLOntology ontology = OWLManager.createOWLOntologyManager().createOntology();
        parser.parse(new FileDocumentSource(new File(path)), ontology, new OWLOntologyLoaderConfiguration());
        ontology.axioms().forEach(System.out::println);
    }
}
